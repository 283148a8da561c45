// Package simulator is a managed node without a machine: it registers, proves
// itself, holds a control channel and answers jobs, so that thousands fit into
// one process. Benchmarks and tests use it; it shares frame codec and
// signatures with the agent.
//
// It runs nothing: a job's answer is what its Behaviour says. A fault (silence,
// a lost acknowledgement, a reply twice, a lie about its id) is a Behaviour
// too.
package simulator
