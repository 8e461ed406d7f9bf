/** For bash 3.2 and later, with the package bash-completion or without it. */
export function bashScript(program: string, request: string): string {
  const name = `__${program.replaceAll(/\W/g, '_')}`;
  return `# bash completion for ${program}

${name}_complete() {
    # bash splits words at = and :, the program does not
    local rest=\${COMP_LINE:0:COMP_POINT} word i n=-1
    local -a words=()
    for ((i = 0; i <= COMP_CWORD; i++)); do
        word=\${COMP_WORDS[i]}
        if ((n >= 0)) && [[ -n $rest && $rest != [[:space:]]* ]]; then
            words[n]+=$word
        else
            n=$((n + 1))
            words[n]=$word
        fi
        if ((i == COMP_CWORD)); then
            # only what stands before the cursor
            while [[ $rest == [[:space:]]* ]]; do rest=\${rest#[[:space:]]}; done
            words[n]=\${words[n]%"$word"}$rest
        else
            rest=\${rest#*"$word"}
        fi
    done
    local current=\${words[n]}

    local answer directive
    answer=$("\${words[0]}" ${request} "\${words[@]:1}" 2>/dev/null) || return
    directive=\${answer##*:}
    answer=\${answer%:*}
    ((directive & 1)) && return
    if ((directive & 2)) && type compopt &>/dev/null; then compopt -o nospace; fi

    # the answer has what stands behind the = of a flag only, and bash replaces what stands behind its last break
    local head= breaks= kept=
    if [[ $current == -*=* ]]; then head=\${current%%=*}= current=\${current#*=}; fi
    [[ $COMP_WORDBREAKS == *=* ]] && breaks+==
    [[ $COMP_WORDBREAKS == *:* ]] && breaks+=:
    [[ -n $breaks ]] && kept=$head$current && kept=\${kept%"\${kept##*[$breaks]}"}

    COMPREPLY=()
    if ! ((directive & 16)); then
        while IFS= read -r word; do
            word=\${word%%$'\\t'*}
            [[ -n $word && $word == "$current"* ]] || continue
            word=$head$word
            COMPREPLY+=("\${word#"$kept"}")
        done <<<"$answer"
        ((\${#COMPREPLY[@]} || directive & 4)) && return
    fi
    type compopt &>/dev/null && compopt -o filenames
    local kind=-f
    ((directive & 16)) && kind=-d
    while IFS= read -r word; do
        word=$head$word
        COMPREPLY+=("\${word#"$kept"}")
    done < <(compgen $kind -- "$current")
}

complete -F ${name}_complete ${program}
`;
}
