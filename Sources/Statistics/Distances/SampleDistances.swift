/// Distances between two whole samples.
public enum SampleDistances {
    /// The Wasserstein-1 distance ∫|F − G| dx of two samples, in their unit; SciPy's `wasserstein_distance`.
    ///
    /// Values that are not finite are left out; `nil` where nothing is left, or where the distance overflows.
    /// (0, 1, 3) against (5, 6, 8): 5.
    public static func wasserstein(_ a: [Double], _ b: [Double]) -> Double? {
        var (first, second) = (a.filter(\.isFinite), b.filter(\.isFinite))
        guard !first.isEmpty, !second.isEmpty else { return nil }
        first.sort()
        second.sort()
        var (i, j) = (0, 0)
        var area = 0.0
        var previous = min(first[0], second[0])
        while i < first.count || j < second.count {
            let next = min(i < first.count ? first[i] : .infinity, j < second.count ? second[j] : .infinity)
            let difference = Double(i) / Double(first.count) - Double(j) / Double(second.count)
            if difference != 0 { area += difference.magnitude * (next - previous) }
            while i < first.count, first[i] == next { i += 1 }
            while j < second.count, second[j] == next { j += 1 }
            previous = next
        }
        return area.isFinite ? area : nil
    }
}
