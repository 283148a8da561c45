package printer

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
	"strconv"
	"strings"
)

// Operations (RFC 8011, section 5.4.15; CUPS Implementation of IPP).
const (
	printJob     = 0x0002
	validateJob  = 0x0004
	createJob    = 0x0005
	sendDocument = 0x0006
	cancelJob    = 0x0008
	getJob       = 0x0009
	getJobs      = 0x000a
	getPrinter   = 0x000b
	cupsDefault  = 0x4001
	cupsPrinters = 0x4002
	cupsClasses  = 0x4005
)

// Status codes (RFC 8011, appendix B).
const (
	ok            = 0x0000
	badRequest    = 0x0400
	notPossible   = 0x0404
	notFound      = 0x0406
	badFormat     = 0x040a
	unsupported   = 0x0501
	notAccepting  = 0x0506
	deviceError   = 0x0504
	pdf           = "application/pdf"
	anything      = "application/octet-stream"
	documentMagic = "%PDF-"
)

func (p *Printer) operate(q request, document *bufio.Reader) *reply {
	switch q.Operation {
	case getPrinter, cupsDefault, cupsPrinters:
		r := answerTo(q, ok, "")
		p.describe(r)
		return r
	case cupsClasses:
		return answerTo(q, notFound, "There are no classes of printers.")
	case validateJob:
		if _, refused := p.refusal(q); refused != nil {
			return refused
		}
		return answerTo(q, ok, "")
	case createJob:
		if _, refused := p.refusal(q); refused != nil {
			return refused
		}
		return p.told(q, p.announce(titleOf(q)), ok)
	case printJob:
		return p.print(q, p.announce(titleOf(q)), document)
	case sendDocument:
		number := jobOf(q)
		p.mu.Lock()
		j := p.jobs[number]
		held := j != nil && j.state == jobHeld
		p.mu.Unlock()
		if j == nil {
			return answerTo(q, notFound, "There is no such job.")
		}
		if !held {
			return answerTo(q, notPossible, "The job has its document.")
		}
		return p.print(q, number, document)
	case cancelJob:
		p.mu.Lock()
		defer p.mu.Unlock()
		j := p.jobs[jobOf(q)]
		if j == nil || j.state != jobHeld {
			return answerTo(q, notPossible, "The job is over.")
		}
		j.state = jobCancel
		return answerTo(q, ok, "")
	case getJob:
		return p.told(q, jobOf(q), ok)
	case getJobs:
		return answerTo(q, ok, "")
	}
	return answerTo(q, unsupported, "This printer does not do that.")
}

func titleOf(q request) string {
	for _, name := range []string{"job-name", "document-name"} {
		if t := q.Values[name]; t != "" {
			return strings.ToValidUTF8(t[:min(len(t), 255)], "")
		}
	}
	return "document"
}

// jobOf is the number of the job that a request is about.
func jobOf(q request) uint32 {
	if v := q.Values["job-id"]; len(v) == 4 {
		return binary.BigEndian.Uint32([]byte(v))
	}
	at := q.Values["job-uri"]
	n, err := strconv.ParseUint(at[strings.LastIndexByte(at, '/')+1:], 10, 32)
	if err != nil {
		return 0
	}
	return uint32(n)
}

// refusal says why a job cannot be taken, or who takes it.
func (p *Printer) refusal(q request) (*tray, *reply) {
	if f := q.Values["document-format"]; f != "" && f != pdf && f != anything {
		return nil, answerTo(q, badFormat, "This printer takes "+pdf+" only.")
	}
	t, why := p.ready()
	if why != "" {
		return nil, answerTo(q, notAccepting, why)
	}
	return t, nil
}

// print hands a document to who looks. The program gets its answer when that
// one has it.
func (p *Printer) print(q request, number uint32, document *bufio.Reader) *reply {
	t, refused := p.refusal(q)
	if refused != nil {
		return p.ended(number, jobAborted, "", refused)
	}
	begin, err := document.Peek(len(documentMagic))
	if err != nil || !bytes.Equal(begin, []byte(documentMagic)) {
		return p.ended(number, jobAborted, "", answerTo(q, badFormat, "This printer takes "+pdf+" only."))
	}
	why, err := t.print(p.title(number), io.Reader(document))
	if err != nil {
		return p.ended(number, jobAborted, err.Error(), answerTo(q, deviceError, err.Error()))
	}
	if why != "" {
		return p.ended(number, jobAborted, why, answerTo(q, notAccepting, why))
	}
	p.ended(number, jobDone, "", nil)
	return p.told(q, number, ok)
}

// title is a job's; a job that is forgotten meanwhile has none.
func (p *Printer) title(number uint32) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if j := p.jobs[number]; j != nil {
		return j.title
	}
	return ""
}

func (p *Printer) ended(number, state uint32, why string, r *reply) *reply {
	p.change(func() {
		if j := p.jobs[number]; j != nil {
			j.state, j.why = state, why
		}
	})
	return r
}

// told answers with what is known of a job.
func (p *Printer) told(q request, number uint32, status uint16) *reply {
	p.mu.Lock()
	defer p.mu.Unlock()
	j := p.jobs[number]
	if j == nil {
		return answerTo(q, notFound, "There is no such job.")
	}
	r := answerTo(q, status, "")
	r.group(jobGroup)
	r.numbers(tagInteger, "job-id", number)
	r.add(tagURI, "job-uri", "ipp://localhost/jobs/"+strconv.FormatUint(uint64(number), 10))
	r.numbers(tagEnum, "job-state", j.state)
	r.add(tagKeyword, "job-state-reasons", reasonOf(j.state))
	if j.why != "" {
		r.add(tagText, "job-state-message", j.why)
	}
	r.add(tagName, "job-name", j.title)
	r.add(tagURI, "job-printer-uri", uri)
	return r
}

func reasonOf(state uint32) string {
	switch state {
	case jobHeld:
		return "job-incoming"
	case jobCancel:
		return "job-canceled-by-user"
	case jobAborted:
		return "aborted-by-system"
	}
	return "job-completed-successfully"
}

// describe writes the printer's attributes.
func (p *Printer) describe(r *reply) {
	_, why := p.ready()
	state, reason := uint32(idle), "none"
	if why != "" {
		state, reason = stopped, "paused"
	}
	r.group(printerGroup)
	r.add(tagURI, "printer-uri-supported", uri)
	r.add(tagKeyword, "uri-security-supported", "none")
	r.add(tagKeyword, "uri-authentication-supported", "none")
	r.add(tagName, "printer-name", name)
	r.add(tagText, "printer-info", "Printer of the browser (PDF)")
	r.add(tagText, "printer-location", "the device that shows this desktop")
	r.add(tagText, "printer-make-and-model", "Tamachi PDF")
	r.add(tagURI, "device-uri", "ipp://localhost/")
	r.numbers(tagEnum, "printer-state", state)
	r.add(tagKeyword, "printer-state-reasons", reason)
	r.add(tagText, "printer-state-message", why)
	r.flag("printer-is-accepting-jobs", why == "")
	r.flag("printer-is-shared", false)
	r.numbers(tagEnum, "printer-type", 1<<3|1<<6|1<<17) // colour, any size, the default (CUPS, cups_ptype_t)
	r.add(tagKeyword, "ipp-versions-supported", "1.1", "2.0")
	r.numbers(tagEnum, "operations-supported", printJob, validateJob, createJob, sendDocument, cancelJob, getJob, getJobs, getPrinter, cupsDefault, cupsPrinters)
	r.flag("multiple-document-jobs-supported", false)
	r.add(tagCharset, "charset-configured", "utf-8")
	r.add(tagCharset, "charset-supported", "utf-8")
	r.add(tagLanguage, "natural-language-configured", "en")
	r.add(tagLanguage, "generated-natural-language-supported", "en")
	r.add(tagMime, "document-format-default", pdf)
	r.add(tagMime, "document-format-supported", pdf, anything)
	r.numbers(tagInteger, "queued-job-count", 0)
	r.add(tagKeyword, "pdl-override-supported", "not-attempted")
	r.numbers(tagInteger, "printer-up-time", uint32(max(1, p.clock.Now().Sub(p.began).Seconds())))
	r.add(tagKeyword, "compression-supported", "none")
	r.flag("color-supported", true)
	r.add(tagKeyword, "print-color-mode-supported", "color", "monochrome")
	r.add(tagKeyword, "print-color-mode-default", "color")
	r.add(tagKeyword, "media-supported", "iso_a4_210x297mm", "iso_a3_297x420mm", "iso_a5_148x210mm", "jis_b5_182x257mm", "na_letter_8.5x11in")
	r.add(tagKeyword, "media-default", "iso_a4_210x297mm")
	r.add(tagKeyword, "media-ready", "iso_a4_210x297mm")
	r.add(tagKeyword, "sides-supported", "one-sided")
	r.add(tagKeyword, "sides-default", "one-sided")
	r.add(tagRange, "copies-supported", "\x00\x00\x00\x01\x00\x00\x00\x01")
	r.numbers(tagInteger, "copies-default", 1)
	dots := "\x00\x00\x02\x58\x00\x00\x02\x58\x03" // 600 by 600 an inch
	r.add(tagResolution, "printer-resolution-supported", dots)
	r.add(tagResolution, "printer-resolution-default", dots)
}
