"""Where service is missing, as the map shows it: who walks too far, how full points are, what new ones would change.

`ground` keeps roads and homes in memory by their version; `demand` counts people per building; `beyond` and `loads`
make figures of both with small counts withheld; `sites` tries out places and looks for the best.
"""
