"""Generated CVs with what a careful reader would find in them, to measure and to test the reading of files.

Guarantees: nothing here was taken from the parser's own words: titles, skills, headings and diplomas are worded as
people word them, and the truth was noted beside each wording. A seed gives the same CVs for ever.

Read next: `trades.py` (what people say that they did), `people.py` (one person's truth), `pages.py` (that person's CV
as a file), `settings.py` (jobs set in more ways, as plain lines).
"""
