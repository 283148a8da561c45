// Package intake takes the feed of the personnel department from whoever knows
// the secret of the two: the personnel system itself, or the script between.
//
//	POST /hr/feed      the whole feed, in the place of the one before
//	POST /hr/people    some people, put into it
//
// The body is what hr.Read takes, CSV or JSON, of up to eight megabytes. Two
// headers prove it:
//
//	Tamachi-Timestamp: 1795435200123            milliseconds since 1970
//	Tamachi-Signature: v1=HMAC-SHA256(secret, "v1:" timestamp ":" path ":" body), in hex
//
// A delivery is refused when its time is more than five minutes from ours, or
// not after that of the last one: who repeats an old one brings nothing back.
// The very same delivery again, whose answer was lost, is answered as the first
// time and changes nothing. A feed that is not understood is refused as a whole.
//
// What was taken is the file that the settings name (hr), readable by its owner
// alone; joiner, mover, leaver and the cost sweep read it as any other.
package intake
