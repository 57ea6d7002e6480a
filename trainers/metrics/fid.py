"""The Fréchet distance between samples and a split, in the features of one extractor."""

from trainers.metrics.extractor import FEATURE_SIZES, Features
from trainers.metrics.feature_metric import Compared, FeatureMetric
from trainers.metrics.frechet_distance import FeatureMoments, frechet_distance
from trainers.metrics.metric import METRICS, MetricSettings
from trainers.reporting import Report, StopRequested


class Fid(FeatureMetric):
    """Distance of two Gaussians with the features' means and covariances, in float64.

    Fewer items than features have a covariance of lower rank, and a distance that tells more of their number than of
    the model, so they are refused.
    """

    better = "lower"

    @classmethod
    def least_count(cls) -> int:
        """One more than there are features, so that no covariance is singular for want of items."""
        return FEATURE_SIZES[cls.extractor] + 1

    @classmethod
    def why_so_many(cls) -> str:
        """The reason for this number."""
        return f"the covariance of {FEATURE_SIZES[cls.extractor]:,} features is singular with fewer"

    @classmethod
    def instead(cls) -> str:
        """What to do where there are fewer."""
        kid = cls.name.replace("fid", "kid")
        return f"take more of them, choose a larger split, or measure {kid}, which few images do not bias"

    def compare(
        self,
        samples: Features,
        real: Features | None,
        settings: MetricSettings,
        report: Report,
        stop_requested: StopRequested,
    ) -> Compared:
        """The distance."""
        assert real is not None
        drawn, wanted = FeatureMoments(), FeatureMoments()
        drawn.add(samples.vectors)
        report(0.3, self.name)
        wanted.add(real.vectors)
        report(0.6, self.name)
        return Compared(frechet_distance(drawn.mean(), drawn.covariance(), wanted.mean(), wanted.covariance()))


@METRICS.register("fid_embedded")
class EmbeddedFid(Fid):
    """Embedded-classifier FID: not to be compared with the FID of other features, which every paper's is."""

    name = "fid_embedded"
    unit = "embedded-classifier FID"
    description = "embedded-classifier FID: Fréchet distance of its features between samples and the split"
    extractor = "embedded"


@METRICS.register("fid_inception")
class InceptionFid(Fid):
    """Fréchet Inception distance (Heusel et al. 2017), of 2,048 features as published."""

    name = "fid_inception"
    unit = "FID"
    description = "Fréchet Inception distance between samples and the split"
    extractor = "inception"
