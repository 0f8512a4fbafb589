/// Where the numbers of a convolution's kernel (kernelSize, channels / groups, filters) and bias lie in a step's parameters.
///
/// A filter of a grouped convolution has places for all channels; those outside its group stay zero. Where both strands
/// are scored, every number has a second place: filter `filters + f` with taps and bases reversed.
func convolutionPlaces(
  kernel: ParameterTensor, bias: ParameterTensor?, channels: Int, scoresBothStrands: Bool,
  weight: @escaping (_ tap: Int, _ channel: Int, _ filter: Int) -> Int,
  biasPlace: @escaping (_ filter: Int) -> Int
) -> [(tensor: ParameterTensor, place: (Int) -> Int)] {
  let (taps, inputs, filters) = (kernel.shape[0], kernel.shape[1], kernel.shape[2])
  let filtersOfGroup = filters / (channels / inputs)
  var map: [(tensor: ParameterTensor, place: (Int) -> Int)] = [
    (
      kernel,
      { index in
        let (filter, rest) = (index % filters, index / filters)
        return weight(rest / inputs, filter / filtersOfGroup * inputs + rest % inputs, filter)
      }
    )
  ]
  if let bias { map.append((bias, biasPlace)) }
  guard scoresBothStrands else { return map }
  map.append(
    (
      kernel,
      { index in
        let (filter, rest) = (index % filters, index / filters)
        return weight(taps - 1 - rest / channels, channels - 1 - rest % channels, filters + filter)
      }
    ))
  if let bias { map.append((bias, { biasPlace(filters + $0) })) }
  return map
}
