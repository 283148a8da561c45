// Package question asks one person one thing and takes one answer: by a button
// in Slack, by a link in a mail that leads to a small page, or by whoever else
// proves who answers.
//
// A duty calls Ask and reads the answer later, with Folder.Read or Folder.About;
// where something must follow at once, it hands a Taker to the program. A
// question and its answer are one file of JSON lines. An answer is on disk before
// it counts and counts once, whatever way it came by and however often it comes.
//
// A link is one person's for one question: its token is a code (HMAC, RFC 2104)
// of both by a key that only this folder holds, so nothing that is kept has the
// token in it. It ends with the question. To open it changes nothing, for mail
// servers open links to look behind them; a form does, and it has no choice
// made beforehand.
package question
