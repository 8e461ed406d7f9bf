export function powershellScript(program: string, request: string): string {
  return `# powershell completion for ${program}

Register-ArgumentCompleter -Native -CommandName '${program}' -ScriptBlock {
    param($word, $line, $position)
    $text = $line.Extent.Text
    if ($text.Length -gt $position) { $text = $text.Substring(0, $position) }
    $elements = @($line.CommandElements | Where-Object { $_.Extent.StartOffset -lt $position } | ForEach-Object { $_.Extent.Text })
    $words = @($elements | Select-Object -Skip 1)
    # before powershell 7.3 an empty word is only passed on in quotes
    $empty = if ($PSVersionTable.PSVersion -lt [version]'7.3.0') { '""' } else { '' }
    if ($word -eq '') { $words += $empty }
    $answer = @(& $elements[0] ${request} @words 2>$null)
    if ($LASTEXITCODE -ne 0 -or $answer.Count -eq 0) { return }
    $directive = [int]($answer[-1].TrimStart(':'))
    if ($directive -band 1) { return }
    $prefix = if ($word -match '^(-[^=]*=)') { $Matches[1] } else { '' }
    $space = if ($directive -band 2) { '' } else { ' ' }
    $found = $answer | Select-Object -SkipLast 1 | Where-Object { $_ } | ForEach-Object {
        $value, $about = $_ -split "\`t", 2
        if (-not $about) { $about = $value }
        [System.Management.Automation.CompletionResult]::new($prefix + $value + $space, $value, 'ParameterValue', $about)
    }
    if ($found) { return $found }
    # nothing at all lets powershell complete files
    if ($directive -band 4) { return '' }
}
`;
}
