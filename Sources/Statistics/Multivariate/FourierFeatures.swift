import Foundation

/// Random Fourier features of the kernel exp(−γ‖x − y‖²): φ(x) = (cos ωⱼx, sin ωⱼx)/√D with ωⱼ ~ N(0, 2γ·I), so that
/// φ(x)·φ(y) is the kernel on average over the D frequencies, and φ(x)·φ(x) = 1 exactly.
///
/// Source: Rahimi and Recht 2007. The frequencies depend on the seed alone, so the sums of all agents that use one
/// reference add up.
public struct FourierFeatures: Sendable, Equatable {
    public static let frequencies = 128
    /// Features are added up in units of 2⁻²⁸: an `Int64` holds the sums of 2³⁵ rows.
    static let unit: Double = 0x1p28

    public let gamma: Double
    public let width: Int
    /// Frequency by frequency.
    let directions: [Double]

    public init(gamma: Double, width: Int, seed: UInt64) {
        self.gamma = gamma
        self.width = width
        var generator = SplitMix(seed: seed)
        let scale = (2 * gamma).squareRoot()
        directions = (0..<(Self.frequencies * width)).map { _ in scale * generator.normal() }
    }

    /// The kernel of the median heuristic: γ = 1/median‖x − y‖² over the pairs of at most 500 evenly spaced rows, as in
    /// alibi-detect. Where more than half of the pairs are equal, the mean stands in; 1 for rows that are all equal.
    public init(reference: RowMatrix, seed: UInt64) {
        self.init(gamma: Self.medianGamma(reference), width: reference.width, seed: seed)
    }

    static func medianGamma(_ rows: RowMatrix) -> Double {
        let kept = min(rows.count, 500)
        let indices = (0..<kept).map { $0 * rows.count / kept }
        var distances: [Double] = []
        distances.reserveCapacity(kept * (kept - 1) / 2)
        for (place, left) in indices.enumerated() {
            for right in indices[..<place] { distances.append(squaredDistance(rows, left, rows, right)) }
        }
        distances.sort()
        guard let largest = distances.last, largest > 0 else { return 1 }
        let middle = (distances[distances.count / 2] + distances[(distances.count - 1) / 2]) / 2
        return 1 / (middle > 0 ? middle : distances.reduce(0, +) / Double(distances.count))
    }

    static func squaredDistance(_ left: RowMatrix, _ i: Int, _ right: RowMatrix, _ j: Int) -> Double {
        let width = left.width
        return left.values.withUnsafeBufferPointer { a in
            right.values.withUnsafeBufferPointer { b in
                var sum = 0.0
                for column in 0..<width {
                    let difference = a[i * width + column] - b[j * width + column]
                    sum += difference * difference
                }
                return sum
            }
        }
    }

    /// The features of every row, times √D: cosines, then sines.
    func features(_ rows: RowMatrix) -> RowMatrix {
        var output = [Double](repeating: 0, count: rows.count * 2 * Self.frequencies)
        forEach(rows) { row, frequency, cosine, sine in
            output[row * 2 * Self.frequencies + frequency] = cosine
            output[row * 2 * Self.frequencies + Self.frequencies + frequency] = sine
        }
        return RowMatrix(values: output, count: rows.count, width: 2 * Self.frequencies)
    }

    /// The sums of the rows' features.
    /// - Precondition: the rows are as wide as the kernel's.
    public func sums(_ rows: RowMatrix) -> FourierSums {
        var sums = FourierSums()
        sums.count = Int64(rows.count)
        sums.values.withUnsafeMutableBufferPointer { values in
            forEach(rows) { _, frequency, cosine, sine in
                values[frequency] &+= FixedPoint.rounded(cosine * Self.unit)
                values[Self.frequencies + frequency] &+= FixedPoint.rounded(sine * Self.unit)
            }
        }
        return sums
    }

    private func forEach(_ rows: RowMatrix, _ body: (_ row: Int, _ frequency: Int, Double, Double) -> Void) {
        precondition(rows.width == width, "rows of \(rows.width) numbers, a kernel of \(width)")
        rows.values.withUnsafeBufferPointer { values in
            directions.withUnsafeBufferPointer { directions in
                for row in 0..<rows.count {
                    for frequency in 0..<Self.frequencies {
                        var angle = 0.0
                        for column in 0..<width {
                            angle += directions[frequency * width + column] * values[row * width + column]
                        }
                        body(row, frequency, cos(angle), sin(angle))
                    }
                }
            }
        }
    }
}

/// Sums of random Fourier features over rows. Integers, so that neither order nor grouping changes them.
public struct FourierSums: Sendable, Equatable, Codable {
    /// Rows.
    public internal(set) var count: Int64 = 0
    /// Cosines, then sines, in units of `FourierFeatures.unit`.
    var values = [Int64](repeating: 0, count: 2 * FourierFeatures.frequencies)

    public init() {}

    /// Adds the rows of another part; both must be of one kernel.
    public mutating func merge(_ other: FourierSums) {
        count &+= other.count
        for index in values.indices { values[index] &+= other.values[index] }
    }

    /// The mean feature vector, of length at most 1; zeros without rows.
    var means: [Double] {
        let scale = Double(max(1, count)) * FourierFeatures.unit * Double(FourierFeatures.frequencies).squareRoot()
        return values.map { Double($0) / scale }
    }
}
