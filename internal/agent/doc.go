// Package agent is our own small node agent. It speaks the protocol of the
// SSM Agent: it registers by an activation, proves itself with an RSA key,
// keeps a control channel to the message gateway and runs the shell steps of
// command documents.
//
// What it promises: a job that was acknowledged is on disk before it begins;
// a result stays on disk until the plane acknowledged it, so a result made
// while the plane was away arrives later; a job that was under way when the
// agent itself ended is reported Failed, because nobody knows how it went; the
// same job is never run twice within half an hour.
//
// What it runs: aws:runShellScript, aws:runPowerShellScript where pwsh is,
// aws:downloadContent, aws:runDocument, aws:configurePackage,
// aws:softwareInventory, aws:updateSsmAgent, aws:runDockerAction where docker is. A step that asks for
// a restart (exit code 194) is kept on disk and runs again after the next start.
//
// A socket in its folder (TAMACHI_AGENT_SOCKET) takes the calls that scripts of
// Amazon's documents make in the node's name.
//
// Where it departs from the SSM Agent: it joins no domain, installs no Docker,
// takes packages from documents only, gets repositories with the node's own git
// (and, for SSH keys, ssh), and reconnects sooner. Of
// {{ ssm: }} it knows nothing, the plane fills that in; {{ ssm-secure: }} it reads
// with the node's own rights, for aws:downloadContent.
//
// It may not import the plane's vocabulary of nodes: the frame codec exists
// twice on purpose, so that a mistake in one is seen by the other.
package agent
