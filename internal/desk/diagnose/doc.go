// Package diagnose finds out why a person cannot reach their desktop.
//
// The duty "client" runs on the person's own machine, or on one in their
// network. It goes the ways in one after the other, as the browser does: the
// name, the port, the certificate, the page, the WebSocket that carries the
// screen, and the clock. It says which of them is blocked, by what as far as
// that can be told, and writes the request to those who keep the firewall. It
// needs no rights and asks no AWS API.
package diagnose
