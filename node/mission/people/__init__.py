"""A person of the town: the file, its rules and history, what a CV lacks, obstacles and who helps with them."""
