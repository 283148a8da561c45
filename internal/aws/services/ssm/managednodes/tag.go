package managednodes

import "tamachi/internal/aws/services/ssm/tag"

// Tagging is the room's nodes as what carries tags.
func (s *Service) Tagging() tag.Room { return s.tagging() }

func (s *Service) tagging() *tag.Records[managedNode] {
	return &tag.Records[managedNode]{
		Store: s.st, Table: &managedNodes, Type: "managed-instance",
		Of: func(r *managedNode) *map[string]string { return &r.Tags },
	}
}
