package patchmanager

import "tamachi/internal/aws/services/ssm/tag"

// Tagging is the room's baselines as what carries tags.
func (s *Service) Tagging() tag.Room { return s.tagging() }

func (s *Service) tagging() *tag.Records[baseline] {
	return &tag.Records[baseline]{
		Store: s.st, Table: &baselines, Type: "patchbaseline", Key: bare,
		Of: func(r *baseline) *map[string]string { return &r.Tags },
	}
}
