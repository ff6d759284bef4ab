interface KnownDifference {
  /** Paths of the fields that differ. */
  fields: string[];
  why: string;
}

function message(why: string): KnownDifference {
  return { fields: ['body.message'], why };
}

function cause(why: string): KnownDifference {
  return { fields: ['body.details.causes.0.message', 'body.message'], why };
}

const REVIEW: KnownDifference = {
  fields: ['body.metadata.managedFields'],
  why: 'a review is not stored, its ownership means nothing',
};

/**
 * Steps whose answers differ from the recorded ones, with the fields that do and why. Everything else must be equal;
 * a listed field that is equal fails the test too, so that the list cannot rot.
 */
export const KNOWN_DIFFERENCES: Record<string, KnownDifference> = {
  'json patch that is no list': message('the real one names a Go type'),
  'unknown field, strict': cause('the text holds the whole object'),
  'delete with another body': message('the real one names a place in Go code'),
  'text body': message('protobuf is not accepted here'),
  'broken JSON': message("the parser's own words"),
  'list body': message('the real one names a Go type'),
  'null body': message("the parser's own words"),
  'body without a kind': message('the real one prints the body'),
  'continue that is none': message("the parser's own words"),
  'label selector =': message("the parser's own words"),
  'label selector x y': message("the parser's own words"),
  'Deployment: replicas is text': message('the real one names a Go struct'),
  'RequestAuthentication: jwks by no URL': cause("the URL parser's own words"),
  'ServiceEntry: socket without a path': cause('the real one names the index'),
  'Gateway: TLS without a certificate': cause(
    'either of the two missing keys may be named',
  ),
  'watch resourceVersion=x': {
    fields: ['status', 'body.code', 'body.message', 'body.reason'],
    why: 'the real one answers 500 where its lists answer 400',
  },
  'may not': REVIEW,
  may: REVIEW,
  'asks for another': REVIEW,
  'whose token': REVIEW,
  "nobody's token": REVIEW,
};
