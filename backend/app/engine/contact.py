"""Whether a worker may judge others by their silence."""


class Contact:
    """How long this worker has been in unbroken contact with the database. Times in seconds."""

    def __init__(self, lease_s: float, now_s: float) -> None:
        self._lease_s = lease_s
        self._since_s = now_s
        self._heard_s = now_s

    def beat(self, now_s: float) -> None:
        """Note a heartbeat of one's own; after a gap of a lease the contact begins anew."""
        # Whatever froze this worker (a suspended machine) may have frozen the others as well.
        if now_s - self._heard_s >= self._lease_s:
            self._since_s = now_s
        self._heard_s = now_s

    def may_judge(self, now_s: float) -> bool:
        """Whether the others have had the time to be heard: after an outage all are silent."""
        return now_s - self._since_s >= self._lease_s * 1.5
