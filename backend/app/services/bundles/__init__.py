"""Bundles: a task exported whole, and replayed elsewhere without a network and at no cost."""

from app.services.bundles.errors import (
    BundleSourceGone,
    BundleTampered,
    BundleUnreadable,
    BundleUnsafe,
    BundleVersionUnknown,
    TaskNotEnded,
)
from app.services.bundles.redaction import secrets_of
from app.services.bundles.replay import Replay, ReplayedFile, replay_bundle
from app.services.bundles.service import BundleService, ExportedBundle

__all__ = [
    "BundleService",
    "BundleSourceGone",
    "BundleTampered",
    "BundleUnreadable",
    "BundleUnsafe",
    "BundleVersionUnknown",
    "ExportedBundle",
    "Replay",
    "ReplayedFile",
    "TaskNotEnded",
    "replay_bundle",
    "secrets_of",
]
