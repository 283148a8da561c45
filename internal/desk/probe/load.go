package probe

// Load is what a desktop does with its machine at this moment.
type Load struct {
	CPUs        int       `json:"cpus,omitempty"`
	UpSeconds   float64   `json:"upSeconds,omitempty"`
	MemoryKiB   float64   `json:"memoryKiB,omitempty"`
	MemoryFree  float64   `json:"memoryFreeKiB,omitempty"`
	Processes   []Process `json:"processes,omitempty"` // those that use most CPU, the most first
	Disks       []Disk    `json:"disks,omitempty"`
	Unreadable  bool      `json:"unreadable,omitempty"` // nothing of the probe could be read
	CPUTotalPct float64   `json:"cpuPercent"`           // of all CPUs, by the processes that are shown
}

// Process is a program; several of one name are one.
type Process struct {
	Name      string  `json:"name"`
	PID       int     `json:"pid"` // of the one that uses most
	Count     int     `json:"count"`
	Percent   float64 `json:"percent"` // of all CPUs
	MemoryKiB float64 `json:"memoryKiB"`
}

// Disk is a volume and how full it is.
type Disk struct {
	Name    string  `json:"name"`
	Percent float64 `json:"percent"`
}

// LoadPack measures for a second which processes use the CPU.
func LoadPack() Pack {
	return Pack{Name: "load", Shell: loadShell, PowerShell: loadPowerShell}
}

// Source of the fields: proc(5), /proc/pid/stat; a tick is a hundredth of a
// second on Linux, so ticks of a second are per cent of one CPU.
const loadShell = `export LC_ALL=C
echo @@cpus; nproc
echo @@uptime; cut -d' ' -f1 /proc/uptime
echo @@memory; awk '/^MemTotal:|^MemAvailable:/{print $1 "\t" $2}' /proc/meminfo
echo @@disk; df -P / /home 2>/dev/null | awk 'NR>1{print $6 "\t" $5}' | sort -u
snap() { cat /proc/[0-9]*/stat 2>/dev/null | awk '{i=index($0,"("); j=length($0); while(j>i && substr($0,j,1)!=")") j--; n=substr($0,i+1,j-i-1); split(substr($0,j+2),f," "); print $1 "\t" f[12]+f[13] "\t" f[22]*4 "\t" n}'; }
a=$(snap); sleep 1; b=$(snap)
echo @@top
printf '%s\n@@\n%s\n' "$a" "$b" | awk -F '\t' '$0=="@@"{s=1;next} !s{t[$1]=$2;next} ($1 in t) && $2>t[$1]{print $2-t[$1] "\t" $1 "\t" $3 "\t" $4}' | sort -rn | head -20
`

// The classes of CIM have the same names in every language of Windows, other than
// the counters of Get-Counter. Those of the performance counters
// (Win32_PerfFormattedData_PerfProc_Process) are missing on machines in use, or say
// that every process is number 0; the times of Win32_Process, in units of 100 ns, do
// not depend on them. What is unknown there is no number, and is dropped.
// Source: Win32_Process, Win32_OperatingSystem, Win32_LogicalDisk.
const loadPowerShell = `$os = Get-CimInstance Win32_OperatingSystem
'@@cpus'; $env:NUMBER_OF_PROCESSORS
'@@uptime'; [int64]((Get-Date) - $os.LastBootUpTime).TotalSeconds
'@@memory'; "MemTotal:$t$($os.TotalVisibleMemorySize)"; "MemAvailable:$t$($os.FreePhysicalMemory)"
` + DiskPowerShell + `$q = "SELECT ProcessId, Name, KernelModeTime, UserModeTime, WorkingSetSize FROM Win32_Process WHERE ProcessId > 0 AND ProcessId <> $PID"
$was = @{}; $from = Get-Date; Get-CimInstance -Query $q | ForEach-Object { $was[$_.ProcessId] = $_.KernelModeTime + $_.UserModeTime }
Start-Sleep 1; $seconds = ((Get-Date) - $from).TotalSeconds
'@@top'; Get-CimInstance -Query $q | Where-Object { $was[$_.ProcessId] -ne $null } | ForEach-Object { New-Object PSObject -Property @{ Id = $_.ProcessId; Name = $_.Name -replace '\.exe$'; KiB = [int64]($_.WorkingSetSize / 1024); Percent = [int](($_.KernelModeTime + $_.UserModeTime - $was[$_.ProcessId]) / 100000 / $seconds) } } | Sort-Object Percent -Descending | Select-Object -First 20 | ForEach-Object { "$($_.Percent)$t$($_.Id)$t$($_.KiB)$t$($_.Name)" }
`

// DiskPowerShell writes the section disk. A volume that is locked has no size.
const DiskPowerShell = `'@@disk'; Get-CimInstance Win32_LogicalDisk -Filter 'DriveType=3' | Where-Object Size | ForEach-Object { "$($_.DeviceID)$t$([int](100 * ($_.Size - $_.FreeSpace) / $_.Size))%" }
`

// Load reads what LoadPack brought.
func (s Sections) Load() Load {
	var l Load
	if n, ok := s.Number("cpus"); ok && n >= 1 && n <= 4096 {
		l.CPUs = int(n)
	}
	l.UpSeconds, _ = s.Number("uptime")
	for _, row := range s.Rows("memory", 2) {
		n, _ := number(row[1])
		switch row[0] {
		case "MemTotal:":
			l.MemoryKiB = n
		case "MemAvailable:":
			l.MemoryFree = n
		}
	}
	l.Disks = s.Disks()
	for _, row := range s.Rows("top", 4) {
		l.add(row)
	}
	l.Unreadable = l.CPUs == 0 && len(l.Processes) == 0 && l.MemoryKiB == 0
	return l
}

// Within counts shares of the CPUs that the desktop may use, where it sees more
// of its host.
func (l *Load) Within(cpus int) {
	if cpus < 1 || l.CPUs <= cpus {
		return
	}
	for i := range l.Processes {
		l.Processes[i].Percent *= float64(l.CPUs) / float64(cpus)
	}
	l.CPUTotalPct *= float64(l.CPUs) / float64(cpus)
	l.CPUs = cpus
}

// Disks are the volumes that a probe looked at.
func (s Sections) Disks() (out []Disk) {
	for _, row := range s.Rows("disk", 2) {
		if n, ok := number(row[1]); ok && n >= 0 && n <= 100 {
			out = append(out, Disk{row[0], n})
		}
	}
	return out
}

// add counts a process to those of its name.
func (l *Load) add(row []string) {
	percent, ok := number(row[0])
	pid, ok2 := number(row[1])
	memory, ok3 := number(row[2])
	name := row[3]
	if !ok || !ok2 || !ok3 || percent < 0 || pid < 1 || pid > 1<<31 || memory < 0 || name == "" {
		return
	}
	percent /= float64(max(1, l.CPUs))
	l.CPUTotalPct += percent
	for i := range l.Processes {
		if p := &l.Processes[i]; p.Name == name {
			p.Percent, p.MemoryKiB, p.Count = p.Percent+percent, p.MemoryKiB+memory, p.Count+1
			return
		}
	}
	l.Processes = append(l.Processes, Process{name, int(pid), 1, percent, memory})
}
