"""A worker judges others only after they had the time to be heard."""

from app.engine.contact import Contact

LEASE_S = 30.0


class TestMayJudge:
    def test_after_a_lease_and_a_half_of_heartbeats(self) -> None:
        contact = Contact(LEASE_S, 0)
        for now_s in (10, 20, 30, 40):
            contact.beat(now_s)
        assert not contact.may_judge(44)
        assert contact.may_judge(45)

    def test_begins_anew_when_it_was_frozen_for_a_lease(self) -> None:
        contact = Contact(LEASE_S, 0)
        for now_s in (20, 40, 60):
            contact.beat(now_s)
        contact.beat(90)
        assert not contact.may_judge(90)
        contact.beat(110)
        contact.beat(130)
        assert not contact.may_judge(134)
        assert contact.may_judge(135)

    def test_is_not_put_off_by_one_late_heartbeat(self) -> None:
        contact = Contact(LEASE_S, 0)
        contact.beat(29)
        contact.beat(58)
        assert contact.may_judge(58)
