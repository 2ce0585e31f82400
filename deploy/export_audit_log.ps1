<#
.SYNOPSIS
  Writes the last hours of the Microsoft 365 audit log into a folder that `candor serve --follow FOLDER` takes from.
.DESCRIPTION
  Needs the module ExchangeOnlineManagement and the role "View-Only Audit Logs". Run it from a scheduler, for example
  every 30 minutes with -Hours 4: records appear in the log 60 to 90 minutes late and later, and what is exported twice
  Candor recognises. Each run writes one file of one record a line under a hidden name and renames it when it is whole.
.EXAMPLE
  ./export_audit_log.ps1 -Folder D:\candor\inbox -Hours 4
#>
[CmdletBinding()]
param(
  [Parameter(Mandatory = $true)][string]$Folder,
  [ValidateRange(1, 168)][int]$Hours = 4,
  # A session of the cmdlet gives at most 50,000 records: shorter windows where there are more.
  [ValidateRange(1, 1440)][int]$WindowMinutes = 60,
  [string[]]$RecordType = @()
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
if (-not (Test-Path -LiteralPath $Folder -PathType Container)) { throw "There is no folder $Folder" }

$mostOfSession = 50000
$end = [DateTime]::UtcNow
$start = $end.AddHours(-$Hours)
$name = 'm365-{0:yyyyMMddTHHmmssZ}.jsonl' -f $end
$temporary = Join-Path $Folder ".$name"
$utf8 = New-Object System.Text.UTF8Encoding($false)
$writer = New-Object System.IO.StreamWriter($temporary, $false, $utf8)
$written = 0
$types = if ($RecordType.Count -gt 0) { $RecordType } else { @('') }

# Type '' is every type. A session is one search, asked for page after page until nothing more comes.
function Export-Window([DateTime]$From, [DateTime]$To, [string]$Type) {
  $search = @{
    StartDate = $From; EndDate = $To; ResultSize = 5000
    SessionId = [Guid]::NewGuid().ToString(); SessionCommand = 'ReturnLargeSet'
  }
  if ($Type) { $search.RecordType = $Type }
  $taken = 0
  do {
    $page = @(Search-UnifiedAuditLog @search)
    foreach ($record in $page) {
      # One line a record: line ends inside it are escaped in JSON already.
      $writer.Write(($record.AuditData -replace "[\r\n]+", ' ') + "`n")
    }
    $taken += $page.Count
  } while ($page.Count -gt 0 -and $taken -lt $mostOfSession)
  if ($taken -ge $mostOfSession) {
    Write-Warning "The window from $From holds more than a session gives: run again with a smaller -WindowMinutes"
  }
  return $taken
}

try {
  for ($from = $start; $from -lt $end; $from = $from.AddMinutes($WindowMinutes)) {
    $to = $from.AddMinutes($WindowMinutes)
    if ($to -gt $end) { $to = $end }
    foreach ($type in $types) { $written += Export-Window $from $to $type }
  }
} catch {
  $writer.Dispose()
  Remove-Item -LiteralPath $temporary
  throw
}
$writer.Dispose()
if ($written -eq 0) {
  Remove-Item -LiteralPath $temporary
} else {
  Rename-Item -LiteralPath $temporary -NewName $name
}
Write-Output "$written records from $($start.ToString('u')) to $($end.ToString('u'))"
