package managednodes

import (
	"time"

	"tamachi/internal/store"
)

// Machine is a managed node as inventory shows it: its attributes of the type
// AWS:InstanceInformation, when it last told of them, and its tags.
type Machine struct {
	ID       string
	Facts    map[string]string
	Reported string
	Tags     map[string]string
}

// Machines returns the nodes of a scope by their ids.
func (s *Service) Machines(tx *store.Tx, scope store.Scope) ([]Machine, error) {
	all, err := managedNodes.List(tx, scope, store.Page{})
	out := make([]Machine, 0, len(all))
	for _, n := range all {
		out = append(out, s.machine(n))
	}
	return out, err
}

// Machine returns one node; ok is false if there is none.
func (s *Service) Machine(tx *store.Tx, scope store.Scope, id string) (m Machine, ok bool, err error) {
	n, err := managedNodes.Get(tx, scope, id)
	if missing(err) {
		return Machine{}, false, nil
	}
	if err != nil {
		return Machine{}, false, err
	}
	return s.machine(n), true, nil
}

func (s *Service) machine(n *managedNode) Machine {
	status := "ConnectionLost"
	if s.ports.Channels.Connected(n.ID) {
		status = "Active"
	}
	at := n.LastPing
	if at.IsZero() {
		at = n.Registered
	}
	m := Machine{ID: n.ID, Tags: n.Tags, Reported: at.UTC().Format(time.RFC3339[:19] + "Z"), Facts: map[string]string{
		"InstanceId": n.ID, "ResourceType": "ManagedInstance", "InstanceStatus": status, "AgentType": "amazon-ssm-agent",
	}}
	for name, v := range map[string]string{
		"AgentVersion": n.AgentVersion, "ComputerName": n.ComputerName, "IpAddress": n.IPAddress,
		"PlatformName": n.PlatformName, "PlatformType": n.PlatformType, "PlatformVersion": n.PlatformVersion,
	} {
		if v != "" {
			m.Facts[name] = v
		}
	}
	return m
}
