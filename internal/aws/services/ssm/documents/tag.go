package documents

import "tamachi/internal/aws/services/ssm/tag"

// Tagging is the room's documents as what carries tags.
func (s *Service) Tagging() tag.Room { return s.tagging() }

func (s *Service) tagging() *tag.Records[document] {
	return &tag.Records[document]{
		Store: s.st, Table: &documents, Type: "document",
		Of: func(r *document) *map[string]string { return &r.Tags },
	}
}
