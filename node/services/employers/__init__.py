"""Local employers without an account: people are sent to them by mail or letter, and answer by a private link."""
