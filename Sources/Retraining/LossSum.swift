/// A sum of losses that does not depend on their order, exact over the whole range of regression targets: squared
/// differences of squared errors reach from 10⁻²⁴ (errors of a millionth) to 10²⁴ (errors of a million).
struct LossSum: Codable, Sendable, Equatable {
    /// The whole parts.
    private var whole: Int128 = 0
    /// The rest, in units of 2⁻⁸⁰.
    private var fraction: Int128 = 0

    private static let unit = 0x1p80
    /// 2³¹ such values still fit.
    private static let largest = 0x1p96

    mutating func add(_ loss: Double) {
        precondition(abs(loss) <= Self.largest, "losses are cut before they are summed")
        let integral = loss.rounded(.towardZero)
        whole += Int128(integral)
        fraction += Int128(((loss - integral) * Self.unit).rounded())
    }

    var value: Double { Double(whole) + Double(fraction) / Self.unit }
}
