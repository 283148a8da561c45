package desk

import "time"

// ImageSeat is a desktop and the image that it is on.
type ImageSeat struct {
	WorkspaceId, UserName, DirectoryId *string
	BundleId, ImageId                  *string
	Standing                           *string // current, earlier or unclear
	State                              *string
}

// ImageCheck is how an image, or what will be one, stands against the acceptance
// list of the desk's settings.
type ImageCheck struct {
	At             *time.Time
	ImageId        *string
	MadeAt         *time.Time
	Master, NodeId *string
	Accepted       *bool
	Unprobed       *string // why the master could not be asked
	Items          []CheckItem
}

// CheckItem is one line of the list.
type CheckItem struct {
	Kind, Name *string
	Ok         *bool
	Evidence   *Sentence
	Next       *string // the command that helps
}
