import Statistics

/// The sets of features that KernelSHAP tries, neither empty nor full, and what their worth says about each feature.
struct CoalitionPlan {
    let sets: [[Bool]]
    /// Per set its part of the Shapley kernel; the sum is 1.
    private let weights: [Double]
    private let features: Int
    private let isExact: Bool

    init(features: Int, maximum: Int, seed: UInt64) {
        self.features = features
        isExact = features < 20 && 1 << features <= maximum
        if isExact {
            // In the order of the sets' binary numbers, on which `exactValues` relies.
            sets = (1..<max(1, (1 << features) - 1)).map { number in (0..<features).map { number >> $0 & 1 == 1 } }
            weights = []
        } else {
            (sets, weights) = Self.sampled(features: features, maximum: maximum, seed: seed)
        }
    }

    /// Shapley values; with `base` they add up to `full`.
    /// - Parameter worth: of each of `sets`.
    func shapleyValues(worth: [Double], base: Double, full: Double) -> [Double] {
        if features == 1 { return [full - base] }
        return isExact ? exactValues([base] + worth + [full]) : fittedValues(worth, base: base, full: full)
    }

    /// Σ over the sets S without the feature of |S|! (M − |S| − 1)! / M! · (worth with it − worth without).
    private func exactValues(_ worth: [Double]) -> [Double] {
        // The weight for |S| = s is 1 / (M · C(M − 1, s)).
        var weight = [1 / Double(features)]
        for size in 1..<features { weight.append(weight[size - 1] * Double(size) / Double(features - size)) }
        return (0..<features).map { feature in
            var sum = 0.0
            for set in worth.indices where set >> feature & 1 == 0 {
                sum += weight[set.nonzeroBitCount] * (worth[set | 1 << feature] - worth[set])
            }
            return sum
        }
    }

    /// Weighted least squares under the condition that the sum is right, with which the last feature is eliminated.
    private func fittedValues(_ worth: [Double], base: Double, full: Double) -> [Double] {
        let last = features - 1
        var matrix = Array(repeating: [Double](repeating: 0, count: last), count: last)
        var right = [Double](repeating: 0, count: last)
        for (index, set) in sets.enumerated() {
            let lastIn = set[last] ? 1.0 : 0
            let response = worth[index] - base - lastIn * (full - base)
            let row = (0..<last).map { (set[$0] ? 1.0 : 0) - lastIn }
            for i in 0..<last where row[i] != 0 {
                right[i] += weights[index] * row[i] * response
                for j in 0...i where row[j] != 0 { matrix[i][j] += weights[index] * row[i] * row[j] }
            }
        }
        for i in 0..<last { for j in 0..<i { matrix[j][i] = matrix[i][j] } }
        let values = NormalEquations.solve(matrix, right)
        return values + [full - base - values.reduce(0, +)]
    }

    /// All sets of the smallest and the largest sizes while they fit; then pairs of a random set and its complement.
    private static func sampled(features: Int, maximum: Int, seed: UInt64) -> ([[Bool]], [Double]) {
        var sets: [[Bool]] = []
        var weights: [Double] = []
        let half = features / 2
        // The kernel's weight of the sizes s and M − s together, up to a factor; the middle size is its own complement.
        let weightOfSize = (1...max(1, half)).map { size in
            let pair = Double(features - 1) / (Double(size) * Double(features - size))
            return 2 * size == features ? pair : 2 * pair
        }
        let total = weightOfSize.reduce(0, +)
        var size = 1
        var count = 1.0
        while size <= half {
            count *= Double(features - size + 1) / Double(size)
            let pairs = 2 * size == features ? count / 2 : count
            guard Double(sets.count) + 2 * pairs <= Double(maximum) else { break }
            for members in combinations(of: features, size: size) {
                let weight = weightOfSize[size - 1] / total / (2 * pairs)
                sets.append((0..<features).map(members.contains))
                weights.append(weight)
                if 2 * size != features {
                    sets.append((0..<features).map { !members.contains($0) })
                    weights.append(weight)
                }
            }
            size += 1
        }
        guard size <= half else { return (sets, weights) }
        let rest = Array(weightOfSize[(size - 1)...])
        let pairs = max(1, (maximum - sets.count) / 2)
        var generator = SplitMix(seed: seed)
        for _ in 0..<pairs {
            let chosen = size + drawn(rest, using: &generator)
            let members = Set((0..<features).shuffled(using: &generator).prefix(chosen))
            for isComplement in [false, true] {
                sets.append((0..<features).map { members.contains($0) != isComplement })
                weights.append(rest.reduce(0, +) / total / Double(2 * pairs))
            }
        }
        return (sets, weights)
    }

    /// An index, each as often as its weight says.
    private static func drawn(_ weights: [Double], using generator: inout SplitMix) -> Int {
        var left = Double.random(in: 0..<1, using: &generator) * weights.reduce(0, +)
        for (index, weight) in weights.enumerated() {
            left -= weight
            if left < 0 { return index }
        }
        return weights.count - 1
    }

    /// Every set of so many of the features, in lexical order.
    private static func combinations(of features: Int, size: Int) -> [Set<Int>] {
        var found: [Set<Int>] = []
        var places = Array(0..<size)
        while true {
            found.append(Set(places))
            guard let last = (0..<size).last(where: { places[$0] < features - size + $0 }) else { return found }
            places[last] += 1
            for place in (last + 1)..<max(last + 1, size) { places[place] = places[place - 1] + 1 }
        }
    }
}
