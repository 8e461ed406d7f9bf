export function fishScript(program: string, request: string): string {
  const name = `__${program.replaceAll(/\W/g, '_')}`;
  return `# fish completion for ${program}

function ${name}_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l answer ($words[1] ${request} $words[2..-1] "$current" 2>/dev/null)
    or return
    set -l directive (string replace ':' '' -- $answer[-1])
    set -l prefix ''
    if string match -q -- '-*=*' $current
        set prefix (string replace -r '=.*' '=' -- $current)
    end
    test (math "bitand($directive, 1)") -ne 0; and return
    if test (math "bitand($directive, 16)") -ne 0
        __fish_complete_directories (string replace -- "$prefix" '' $current)
        return
    end
    set -e answer[-1]
    if test (count $answer) -gt 0
        for line in $answer
            printf '%s%s\\n' $prefix $line
        end
        return
    end
    if test (math "bitand($directive, 4)") -eq 0
        for path in (__fish_complete_path (string replace -- "$prefix" '' $current))
            printf '%s%s\\n' $prefix $path
        end
    end
end

complete -c ${program} -e
complete -c ${program} -f -k -a '(${name}_complete)'
`;
}
