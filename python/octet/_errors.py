"""What is raised: the world refused (Error), or the answer is no where the caller wants yes (Refused)."""


class Error(RuntimeError):
    """Something could not be done. `code` is one of "invalid_argument", "invalid_model", "invalid_data", "io",
    "unsupported", "runtime_missing", "runtime_failed", "timed_out", "out_of_memory", "internal"."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


class Refused(Error):
    """The answer is no: `report` says why and what to do."""

    def __init__(self, message, report):
        super().__init__("refused", message)
        self.report = report
