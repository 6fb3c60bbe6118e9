"""Matching at home: all open offers, the town's own and its peers', against the town's full register.

The register never leaves; what is found is for the counsellor, who then puts a person forward.
"""
