package house

import "tamachi/internal/aws/services/ssm/automation"

// Automation is what Automation's steps act by.
func (h *House) Automation() automation.Plane { return automationPlane{h} }
