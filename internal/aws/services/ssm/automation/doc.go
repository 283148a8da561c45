// Package automation is the room of Automation.
package automation
