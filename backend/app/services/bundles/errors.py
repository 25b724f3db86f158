"""What can be wrong with a bundle, and with a task that is to become one."""

from app.core.errors import Conflict, Invalid


class BundleUnreadable(Invalid):
    """It is no bundle, or only a part of one."""

    code = "bundle_unreadable"


class BundleUnsafe(Invalid):
    """Its archive is made in a way that no bundle is: odd names, packed or repeated members."""

    code = "bundle_unsafe"


class BundleTampered(Invalid):
    """What it holds is not what its manifest says."""

    code = "bundle_tampered"


class BundleVersionUnknown(Invalid):
    """Its format is of a version that this Madang does not read."""

    code = "bundle_version_unknown"


class TaskNotEnded(Conflict):
    """The task has not ended, so there is nothing whole to export."""

    code = "task_not_ended"


class BundleSourceGone(Conflict):
    """A file that the task worked from was deleted, so the bundle could not be replayed."""

    code = "bundle_source_gone"
