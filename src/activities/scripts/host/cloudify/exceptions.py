"""How a script says whether it is of use to run it again."""


class NonRecoverableError(Exception):
    pass


class RecoverableError(Exception):
    def __init__(self, message="", retry_after=None, *_, **__):
        super().__init__(message)
        self.retry_after = retry_after


class OperationRetry(RecoverableError):
    pass


class HttpException(NonRecoverableError):
    pass
