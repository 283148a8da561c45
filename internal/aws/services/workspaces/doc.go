// Package workspaces is the room of Amazon WorkSpaces: directories that are
// registered for desktops, bundles, and desktops with their states.
//
// Behind it stand real Linux desktops. An operation only writes what is wanted
// (PENDING, STOPPING, ...) and the provision engine makes it so and tells the
// outcome by the methods in outcome.go.
//
// Where it differs from AWS:
//
//   - The bundles run Debian 12; there is no OperatingSystemName for that in
//     the API, so desktops show none. Compute types are limits of processor
//     and memory. Those with a GPU are in the catalogue and are refused with
//     ResourceUnavailableException, which names what is missing: no provider gives
//     a desktop a GPU, not of a host that has one either. GRAPHICS and GRAPHICSPRO,
//     which AWS has no more, and GENERALPURPOSE are not supported.
//   - A compute type changes at once, while the desktop runs too. A larger volume
//     is larger in the desktop when it has been restarted, with the provider incus
//     at once. A change that fails leaves the desktop as it was, with an ErrorCode.
//     The first snapshot of both volumes is made when a desktop is there, not after
//     twelve hours. A rebuild keeps the user volume as it is, not as it was at the
//     last snapshot.
//   - A desktop goes on running while an image of it is made, although it is
//     SUSPENDED. What an image is made of exists once on the plane: a copy, to
//     another Region too, is there at once.
//   - While a desktop is migrated the old one is stopped and waits in MAINTENANCE.
//     The new one takes its user volume as it is then.
//   - Volumes are not encrypted: a request for encryption is refused, and so
//     are user-decoupled desktops, PCoIP and IPv6 addresses.
//   - The only client is a browser. Whether the directory lets browsers in, from
//     which addresses, and whether the desktop is in ADMIN_MAINTENANCE is asked
//     at each connection; other kinds of device are kept as they were said.
//     The user's page offers what the self-service permissions let: to restart,
//     to rebuild, and to choose compute type, running mode and larger volumes.
//     The default unit is kept for those who read it: computers have no accounts.
//     Maintenance mode starts stopped desktops of the mode AUTO_STOP once a month,
//     in the nights that AWS has for it and the Region's time: their agents do
//     what is due, and they stop by themselves. They are AVAILABLE meanwhile, not
//     in MAINTENANCE, and nothing but what an administrator set up patches them;
//     ALWAYS_ON ones need no such night.
//     A security group of the customer's counts for desktops that are made from
//     then on. A local administrator has sudo in a desktop that was made or rebuilt
//     since the directory said so, where the provider furnishes desktops; the
//     default is false, as shown. A public address of each desktop and a role of
//     desktops are refused (decision 0033).
//   - A directory in a VPC is registered with its own subnets, one without keeps
//     those that are given. Desktops are spread over them by id. A subnet of the
//     room of EC2 gives them an interface with an address and the security group
//     of the directory; one that was not there at the registration is a name only,
//     and where one was deleted since, new desktops are an ERROR.
//   - Any account may bring its own licences. What ModifyAccount does then is to
//     set a range of addresses apart: no directory is registered with a subnet in
//     it. Hardware of one account alone (DEDICATED) is not to be had, and the
//     desktops' own management interface has addresses of the plane's choice.
//   - There are no machine images and no Image Builder on the plane, so none can
//     be imported from there (ImportWorkspaceImage, ImportCustomWorkspaceImage,
//     DescribeCustomWorkspaceImageImport): each source that the API knows is one
//     of EC2 (an image, an import task) or of Image Builder. No applications are
//     bound to images or bundles either (DescribeImageAssociations and the like):
//     what an image holds is in its recipe. CreateUpdatedWorkspaceImage is for
//     Windows alone. Standby desktops in another Region are not here either: one
//     plane has all Regions, so a copy would fall with its original.
//   - Nothing is done here in the name of the role workspaces_DefaultRole, so a
//     directory is registered without it too; AWS answers
//     WorkspacesDefaultRoleNotFoundException. Make it in templates for AWS.
//   - A registered directory gets the account svc-workspaces, which joins each
//     new desktop to the directory. DeregisterWorkspaceDirectory removes it, and
//     is done when the call returns.
//   - A connection alias is a registration code at sign-in. Where a name is
//     associated in several Regions the oldest association holds: the TXT
//     record by which AWS's clients choose is not asked for.
//   - No identity provider sends anybody back here: where SAML is ENABLED nobody
//     signs in by password, and a certificate cannot be asked for. What streams
//     may carry is kept for the stream, which asks by Passes.
//   - Branding is kept for every kind of device, and the only one here is the
//     browser; a logo is fetched without a signature, by a name that cannot be
//     guessed.
//   - Who is connected is known from the streams of the browser client, at once.
//     The last known connection is the latest begin or end of a stream.
//   - A terminated desktop leaves the lists at once. What happened to it, and how
//     long it ran in each month, stays and is read by operations of our own
//     service (decision 0025).
//
// Codes and texts of failed requests are those that AWS's customers report,
// where there is such a report: ResourceNotFound.Directory and
// ResourceExists.WorkSpace. The two codes of the auto stop timeout are known
// from an imitation of the service only, and no source was found for those of
// an unknown user, bundle or desktop and of a wrong state; these follow the
// pattern of the others. The text of DeregisterWorkspaceDirectory's refusal is
// ours, its code the API reference's.
package workspaces
