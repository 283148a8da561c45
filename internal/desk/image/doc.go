// Package image is "tamachi image": whether a golden image has what it must have
// (check), who is on which image (who), and the way of a new image to the
// desktops (rollout).
//
// An image cannot be looked into: what is checked is the desktop that it was made
// of, by inventory, patch state and probes, and what came to that desktop after
// the image was made is named, for the image does not have it.
package image
