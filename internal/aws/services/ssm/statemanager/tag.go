package statemanager

import "tamachi/internal/aws/services/ssm/tag"

// Tagging is the room's associations as what carries tags.
func (s *Service) Tagging() tag.Room { return s.tagging() }

func (s *Service) tagging() *tag.Records[association] {
	return &tag.Records[association]{
		Store: s.st, Table: &associations, Type: "association",
		Of: func(r *association) *map[string]string { return &r.Tags },
	}
}
