// Package desk is the room of what the desk keeps on the plane's own host, the
// plans of the duties and the requests that wait for somebody's agreement, of its
// duties, of desktops' images, and of what the month costs by its price table. The
// console shows them, and has plans made by the duties' own commands; there is no
// AWS service of this name.
//
// The room holds nothing. Plans and requests are files of the user who runs the
// plane, the same that `tamachi plan` and `tamachi approval` show that user; a
// caller sees those of their own account on this plane. Who may agree to a
// request is for the engine of approvals and the desk's settings to say, by the
// caller's ARN, as they say it to the CLI.
//
// A plan is made and applied, and a duty done, with the very credentials of who
// asks: each call is permitted, denied and recorded as if they had made it
// themselves. They are kept in memory while the plan is applied, and nowhere
// else. Who may describe desktops may see plans and requests.
package desk
