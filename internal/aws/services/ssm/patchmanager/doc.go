// Package patchmanager is the room of Patch Manager: patch baselines, which
// nodes they are for, what nodes lack by them, and which of it to install.
//
// It drives the document AWS-RunPatchBaseline, whose script on the node tells
// its packages (PutInstancePatches, an operation of the plane's own), installs
// what the answer approves, and tells the result. All rules are applied here,
// so that a node needs nothing but its package tools and Python.
//
// Where it departs from AWS: patches are known from the repositories of the
// plane's own nodes, as they last reported them, so DescribeAvailablePatches,
// DescribePatchProperties and DescribeEffectivePatchesForPatchBaseline show
// those and none that no node ever saw; they answer for every operating system.
// Repositories of Debian and Ubuntu have no release dates, so ApproveAfterDays
// above 0 and ApproveUntilDate are refused for them rather than taken and
// ignored: what a rule matches is approved at once. Predefined baselines have
// AWS's names and rules, an account number of AWS and ids of their own.
// OwnerInformation, which AWS leaves empty, says when a run was interrupted by
// somebody's reboot, or put off because users were connected (ConnectedUsers, a
// parameter of our own). AWS-RunPatchBaselineAssociation with an AssociationId
// reports the compliance of that association and leaves the node's patch
// compliance as it was, as on AWS; without one it reports like
// AWS-RunPatchBaseline. A run with a BaselineOverride has a baseline whose id
// begins with pb-override-, which is no record. Nodes with dnf take release
// dates, severities and CVE numbers from their repositories' advisories
// (updateinfo), and the day of the build where there is none; nodes with zypper
// take them from the patches of their repositories, and have no date where no
// patch brings a package. A baseline's patches of a product that needs Windows can
// be described, but no Windows node is patched here.
//
// Sources: Systems Manager API Reference; User Guide, "How patches are
// installed", "Predefined and custom patch baselines", "Patch compliance state
// values", "Package name formats for approved and rejected patch lists".
package patchmanager
