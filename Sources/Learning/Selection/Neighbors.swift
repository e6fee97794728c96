/// Distances to nearest neighbours in one and two dimensions, on sorted numbers.
enum Neighbors {
    /// The distance from one of the sorted numbers to its k-th nearest other one.
    static func distance(in sorted: [Double], of place: Int, k: Int) -> Double {
        var left = place - 1
        var right = place + 1
        var distance = 0.0
        for _ in 0..<k {
            let toLeft = left >= 0 ? sorted[place] - sorted[left] : .infinity
            let toRight = right < sorted.count ? sorted[right] - sorted[place] : .infinity
            distance = min(toLeft, toRight)
            if toLeft <= toRight { left -= 1 } else { right += 1 }
        }
        return distance
    }

    /// The distance (the larger of those in x and y) to the k-th nearest other point; the points are sorted by x. The
    /// search goes outwards in x until x alone is farther than the k-th best.
    static func distance(_ x: [Double], _ y: [Double], of place: Int, k: Int) -> Double {
        var best = [Double](repeating: .infinity, count: k)
        func offer(_ other: Int) {
            let distance = max((x[other] - x[place]).magnitude, (y[other] - y[place]).magnitude)
            guard distance < best[k - 1] else { return }
            var position = k - 1
            while position > 0, best[position - 1] > distance {
                best[position] = best[position - 1]
                position -= 1
            }
            best[position] = distance
        }
        var left = place - 1
        var right = place + 1
        while true {
            let toLeft = left >= 0 ? x[place] - x[left] : .infinity
            let toRight = right < x.count ? x[right] - x[place] : .infinity
            guard min(toLeft, toRight) < best[k - 1] else { return best[k - 1] }
            if toLeft <= toRight {
                offer(left)
                left -= 1
            } else {
                offer(right)
                right += 1
            }
        }
    }

    /// How many of the sorted numbers are within the radius, the ends included.
    static func count(in sorted: [Double], around center: Double, radius: Double) -> Int {
        let first = partition(sorted) { center - $0 > radius }
        let end = partition(sorted) { $0 - center <= radius }
        return end - first
    }

    /// The next smaller radius, so that the k-th neighbour itself is outside.
    static func below(_ radius: Double) -> Double { radius > 0 ? radius.nextDown : 0 }

    private static func partition(_ sorted: [Double], _ holds: (Double) -> Bool) -> Int {
        var low = 0
        var high = sorted.count
        while low < high {
            let middle = (low + high) / 2
            if holds(sorted[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// ψ of whole numbers from 1: −γ + 1 + 1/2 + … + 1/(n − 1).
struct Digamma {
    private let values: [Double]

    init(upTo last: Int) {
        var values = [Double.nan, -0.577_215_664_901_532_9]
        for number in 2..<max(3, last + 1) { values.append(values[number - 1] + 1 / Double(number - 1)) }
        self.values = values
    }

    subscript(number: Int) -> Double { values[number] }
}
