/// Distances between two whole samples.
public enum SampleDistances {
    /// The Wasserstein-1 distance ∫|F − G| dx of two samples, in their unit; SciPy's `wasserstein_distance`.
    ///
    /// Values that are not finite are left out; `nil` where nothing is left, or where the distance overflows.
    /// (0, 1, 3) against (5, 6, 8): 5.
    public static func wasserstein(_ a: [Double], _ b: [Double]) -> Double? {
        integral(a, b) { difference, width in difference.magnitude * width }
    }

    /// The energy distance √(2·∫(F − G)² dx) of two samples, the square root of 2E|X − Y| − E|X − X′| − E|Y − Y′|
    /// (Székely 2002); SciPy's `energy_distance`. In the square root of the column's unit.
    ///
    /// Values that are not finite are left out; `nil` where nothing is left, or where the distance overflows.
    /// (0, 0, 0, 8) against (0, 8, 8, 8): 2.
    public static func energy(_ a: [Double], _ b: [Double]) -> Double? {
        integral(a, b) { difference, width in difference * difference * width }.map { (2 * $0).squareRoot() }
    }

    /// The sum of a term of F − G and the width over the stretches on which the difference is constant.
    private static func integral(
        _ a: [Double], _ b: [Double], _ term: (_ difference: Double, _ width: Double) -> Double
    ) -> Double? {
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
            if difference != 0 { area += term(difference, next - previous) }
            while i < first.count, first[i] == next { i += 1 }
            while j < second.count, second[j] == next { j += 1 }
            previous = next
        }
        return area.isFinite ? area : nil
    }
}
