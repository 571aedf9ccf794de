from . import test_review, test_tour, test_trends
