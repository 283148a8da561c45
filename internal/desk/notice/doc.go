// Package notice is how the desk speaks to people: what happened, why, and what
// the reader should do, in the reader's language, by Slack, mail or file.
//
// A post is said once, however often it is handed over: it is written down
// before it is sent and after. What a silent server holds up goes out later; what
// a server refuses for good is said and not tried again. In quiet hours what is
// not urgent waits, and comes as one digest. A crash between a post and its line
// can send it twice; it is never lost. Nothing is said to everyone unless it was agreed to: an announcement is
// a plan.
package notice
