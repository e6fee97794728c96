/// Numerical integration over an interval: the Gauss–Legendre rule of eight points on equal panels. On panels no wider
/// than the standard deviation of the normal factor in the integrand it has all digits.
struct GaussPanels {
    private(set) var points: [Double] = []
    private(set) var weights: [Double] = []

    /// - Parameter width: the widest a panel may be.
    init(from low: Double, to high: Double, width: Double) {
        let count = max(4, Int(((high - low) / width).rounded(.up)))
        let half = (high - low) / Double(count) / 2
        for panel in 0..<count {
            let center = low + (2 * Double(panel) + 1) * half
            for (node, weight) in Self.rule {
                points += [center - node * half, center + node * half]
                weights += [weight * half, weight * half]
            }
        }
    }

    /// Abramowitz and Stegun 1964, table 25.4, n = 8.
    private static let rule = [
        (0.183434642495649805, 0.362683783378361983), (0.525532409916328986, 0.313706645877887287),
        (0.796666477413626740, 0.222381034453374471), (0.960289856497536232, 0.101228536290376259),
    ]
}
