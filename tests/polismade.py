"""A made-up export of a Polis conversation, of the administration and of the report page."""

COMMENTS = """\
timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body
1614556800000,x,0,1,2,1,1,Build the bridge
1614556800000,x,1,2,1,1,0,"Tax the mill, and soon"
1614556800000,x,2,2,0,1,-1,Rude words
"""
MATRIX = """\
participant,group-id,n-comments,n-votes,n-agree,n-disagree,0,1,2
0,0,0,2,1,1,1,-1,
1,0,1,2,2,0,1,1,
2,1,0,3,0,2,-1,0,-1
"""
VOTES = """\
timestamp,datetime,comment-id,voter-id,vote
1614556800,x,0,0,-1
1614556800,x,0,1,-1
1614556900,x,0,2,-1
1614643200,x,0,2,1
1614643200,x,1,0,1
1614643200,x,1,1,-1
1614643200,x,1,2,0
1614643200,x,2,2,1
"""
SUMMARY = "topic,The bridge?\nurl,https://example.org/1\nvoters,3\n"
ADMIN = {"comments.csv": COMMENTS, "participants-votes.csv": MATRIX, "summary.csv": SUMMARY}
REPORT = {"comments.csv": COMMENTS, "votes.csv": VOTES, "summary.csv": SUMMARY}
