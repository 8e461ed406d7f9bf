from alpine:3.20 as build
run echo lower > /lower
FROM build
copy README.md /readme
Env   KEY   value   
cmd echo "mixed" Case
