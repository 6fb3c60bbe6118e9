"""The register, what a person's file holds, documents, and the references of those who were erased."""
