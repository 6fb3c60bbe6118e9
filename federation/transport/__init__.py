"""The only outgoing HTTP, signed requests and answers, and where connections may go."""
