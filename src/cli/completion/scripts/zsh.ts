export function zshScript(program: string, request: string): string {
  const name = `_${program.replaceAll(/\W/g, '_')}`;
  return `#compdef ${program}
# zsh completion for ${program}

${name}() {
    local -a typed=("\${(@)words[1,CURRENT]}") lines candidates
    local answer directive line value current=\${words[CURRENT]} prefix=
    answer=$("\${(Q)typed[1]}" ${request} "\${(@Q)typed[2,-1]}" 2>/dev/null) || return
    lines=("\${(@f)answer}")
    directive=\${lines[-1]#:}
    lines=("\${(@)lines[1,-2]}")
    (( directive & 1 )) && return 1
    [[ $current == -*=* ]] && prefix=\${current%%=*}=
    if [[ -n $prefix ]] compset -P 1 '-*='
    if (( directive & 16 )); then
        _path_files -/
        return
    fi
    for line in "\${lines[@]}"; do
        [[ -n $line ]] || continue
        value=\${line%%$'\\t'*}
        if [[ $line == *$'\\t'* ]]; then
            candidates+=("\${value//:/\\\\:}:\${line#*$'\\t'}")
        else
            candidates+=("\${value//:/\\\\:}")
        fi
    done
    if (( \${#candidates} )); then
        local -a extra=()
        (( directive & 2 )) && extra=(-S '')
        _describe -V 'completions' candidates "\${(@)extra}"
        return
    fi
    (( directive & 4 )) || _files
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    ${name} "$@"
else
    compdef ${name} ${program}
fi
`;
}
