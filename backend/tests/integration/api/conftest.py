"""Two users, each with a client of their own."""

from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from app.core.database import Database
from tests.factories.users import KeyHolder, make_key_holder


@pytest.fixture
async def mina(database: Database) -> KeyHolder:
    """Return a user."""
    return await make_key_holder(database, email="mina@example.com")


@pytest.fixture
async def other(database: Database) -> KeyHolder:
    """Return another user."""
    return await make_key_holder(database, email="other@example.com")


@pytest.fixture
async def api(application: FastAPI, mina: KeyHolder) -> AsyncIterator[AsyncClient]:
    """Return Mina's client."""
    async with client_of(application, mina) as opened:
        yield opened


@pytest.fixture
async def other_api(application: FastAPI, other: KeyHolder) -> AsyncIterator[AsyncClient]:
    """Return the other user's client."""
    async with client_of(application, other) as opened:
        yield opened


def client_of(application: FastAPI, holder: KeyHolder) -> AsyncClient:
    """Return a client that presents the user's key."""
    return AsyncClient(
        transport=ASGITransport(application),
        base_url="http://madang.test",
        headers=holder.headers,
    )
