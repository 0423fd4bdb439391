"""The interface for programs, under ``/api/v1``: the same policies, actions and documents as the screens."""
