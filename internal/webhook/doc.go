// Package webhook sends requests to endpoints that customers name: subscribers
// of topics, API destinations of events.
//
// An endpoint can do little to the house: an answer is read up to a bound and
// in a time, redirects are not followed, and an address at which the house
// itself answers is refused when it is dialed, whatever name led there.
package webhook
