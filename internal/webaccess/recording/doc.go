// Package recording keeps recordings of desktops' screens: files that grow while
// a screen is recorded, and that are read at any place of them.
//
// A recording is a row of chunks of about a second. A chunk holds whole messages
// of a display (RFC 6143, FramebufferUpdate) with the milliseconds since the
// recording's begin, in encodings that need nothing that came before but the
// picture: Raw and CopyRect, and the size of the screen as DesktopSize. Some
// chunks are keys: they begin with the screen's size and its whole picture, so
// that a player can begin there.
//
// A chunk is compressed (RFC 1951), sealed with AES-256-GCM under the recording's
// own key together with its place, and synced before the next one begins. So a
// recording that was cut short, by whatever, is whole up to its last second, and
// nothing in it can be read, changed, moved or left out in the middle by who has
// the file only.
package recording
