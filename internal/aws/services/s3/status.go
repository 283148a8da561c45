package s3

// HTTP statuses of answers; a room does not know HTTP otherwise.
const (
	statusMovedPermanently             = 301
	statusNotModified                  = 304
	statusBadRequest                   = 400
	statusForbidden                    = 403
	statusNotFound                     = 404
	statusMethodNotAllowed             = 405
	statusConflict                     = 409
	statusPreconditionFailed           = 412
	statusRequestedRangeNotSatisfiable = 416
	statusNotImplemented               = 501
)

// httpTime is how headers write a time (RFC 9110, section 5.6.7).
const httpTime = "Mon, 02 Jan 2006 15:04:05 GMT"
