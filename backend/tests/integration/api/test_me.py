"""Who is asking."""

from decimal import Decimal

import pytest
from httpx import AsyncClient

from app.core.clock import utc_now
from app.core.database import Database
from app.models import USER_DAY, SpendLimit
from app.services.accounts import AccountRepository, AccountService
from tests.factories.users import KeyHolder, make_key_holder
from tests.integration.api.problem_answers import pointers, problem


class TestReadMe:
    async def test_anonymous(self, client: AsyncClient) -> None:
        answer = await client.get("/api/v1/me")
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="madang"'
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["code"] == "key_refused"

    @pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
    async def test_returns_the_user_of_the_key(
        self, client: AsyncClient, mina: KeyHolder, scheme: str
    ) -> None:
        answer = await client.get("/api/v1/me", headers={"Authorization": f"{scheme} {mina.key}"})
        assert answer.status_code == 200
        assert answer.json()["id"] == mina.user.id
        assert answer.json()["email"] == "mina@example.com"

    @pytest.mark.parametrize(
        "header",
        [
            "Bearer",
            "Bearer ",
            "Bearer md_live_",
            "Bearer md_live_0123456789ab_short",
            f"Bearer md_live_0123456789ab_{'x' * 43}",
            "Basic bWluYTpzZWNyZXQ=",
            f"Bearer {'x' * 5000}",
        ],
    )
    async def test_a_key_that_does_not_hold(self, client: AsyncClient, header: str) -> None:
        answer = await client.get("/api/v1/me", headers={"Authorization": header})
        assert answer.status_code == 401
        assert "xxxxx" not in answer.text

    async def test_a_secret_that_is_not_the_one_of_its_prefix(
        self, client: AsyncClient, mina: KeyHolder
    ) -> None:
        forged = mina.key[:-1] + ("a" if mina.key[-1] != "a" else "b")
        answer = await client.get("/api/v1/me", headers={"Authorization": f"Bearer {forged}"})
        assert answer.status_code == 401

    async def test_a_revoked_key(
        self, client: AsyncClient, mina: KeyHolder, database: Database
    ) -> None:
        async with database.transaction() as session:
            await AccountService(AccountRepository(session)).replace_keys(mina.user)
        answer = await client.get("/api/v1/me", headers=mina.headers)
        assert answer.status_code == 401

    async def test_a_user_who_is_no_longer_active(
        self, client: AsyncClient, database: Database
    ) -> None:
        gone = await make_key_holder(database, email="gone@example.com", is_active=False)
        answer = await client.get("/api/v1/me", headers=gone.headers)
        assert answer.status_code == 401


class TestUpdateMe:
    async def test_anonymous(self, client: AsyncClient) -> None:
        answer = await client.patch("/api/v1/me", json={"auto_approve_below_usd": 1})
        problem(answer, 401, "key_refused")

    async def test_changes_the_limit_of_this_user_only(
        self, api: AsyncClient, other_api: AsyncClient
    ) -> None:
        assert (await api.get("/api/v1/me")).json()["auto_approve_below_usd"] == 0
        answer = await api.patch("/api/v1/me", json={"auto_approve_below_usd": 0.05})
        assert answer.status_code == 200, answer.text
        assert answer.json()["auto_approve_below_usd"] == 0.05
        assert (await api.get("/api/v1/me")).json()["auto_approve_below_usd"] == 0.05
        assert (await other_api.get("/api/v1/me")).json()["auto_approve_below_usd"] == 0

    async def test_bounds_the_day_and_takes_the_bound_away(
        self, api: AsyncClient, mina: KeyHolder, database: Database
    ) -> None:
        today = (await api.get("/api/v1/me/spending")).json()
        assert (today["cap_usd"], today["spent_usd"]) == (None, 0)
        answer = await api.patch("/api/v1/me", json={"daily_cap_usd": 5})
        assert answer.json()["daily_cap_usd"] == 5
        assert answer.json()["auto_approve_below_usd"] == 0
        async with database.transaction() as session:
            session.add(
                SpendLimit(
                    scope=USER_DAY,
                    owner_id=mina.user.id,
                    starts_on=utc_now().date(),
                    cap_usd=Decimal(5),
                    spent_usd=Decimal(2),
                )
            )
        lower = await api.patch("/api/v1/me", json={"daily_cap_usd": 1})
        assert lower.status_code == 200
        today = (await api.get("/api/v1/me/spending")).json()
        assert (today["cap_usd"], today["spent_usd"]) == (2, 2)
        gone = await api.patch("/api/v1/me", json={"daily_cap_usd": None})
        assert gone.json()["daily_cap_usd"] is None
        assert (await api.get("/api/v1/me/spending")).json()["cap_usd"] is None

    @pytest.mark.parametrize(
        ("body", "pointer"),
        [
            ({}, "body:"),
            ({"daily_cap_usd": "5"}, "body:/daily_cap_usd"),
            ({"auto_approve_below_usd": None}, "body:/auto_approve_below_usd"),
            ({"auto_approve_below_usd": -1}, "body:/auto_approve_below_usd"),
            ({"auto_approve_below_usd": 1e12}, "body:/auto_approve_below_usd"),
            ({"auto_approve_below_usd": 1, "name": "x"}, "body:/name"),
        ],
    )
    async def test_with_a_body_that_is_wrong(
        self, api: AsyncClient, body: dict[str, object], pointer: str
    ) -> None:
        answer = await api.patch("/api/v1/me", json=body)
        assert pointers(problem(answer, 422, "request_invalid")) == [pointer]
