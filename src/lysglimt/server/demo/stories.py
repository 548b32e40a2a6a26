"""Every phase and every trouble; where there are few patients, the first ones are told."""

from .arriving import ARRIVING
from .by_nose import BY_NOSE
from .elsewhere import ELSEWHERE
from .inducing import INDUCING
from .maintaining import MAINTAINING
from .story import Story
from .today import HERE
from .treated import whole_course

NAMESAKES = (
    Story("namesake", INDUCING[0].tell, named=("Kari", "Eksempelstad")),
    Story("namesake-too", ARRIVING[0].tell, named=("Kari", "Eksempelstad")),
)
FIRST = 8
STORIES: tuple[Story, ...] = (
    INDUCING[0],
    *HERE,
    *INDUCING[1:FIRST],
    *BY_NOSE,
    ARRIVING[0],
    *MAINTAINING[:2],
    ELSEWHERE[0],
    *ARRIVING[1:],
    *INDUCING[FIRST:],
    *MAINTAINING[2:],
    *ELSEWHERE[1:],
    *NAMESAKES,
)
ORDINARY = Story("whole-course", whole_course)
